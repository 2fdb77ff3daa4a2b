import fastify from 'fastify';
import { parseTrustProxy } from './trust-proxy.js';

describe('parseTrustProxy', () => {
  it.each([
    ['true', true],
    ['False', false],
    ['0', false],
    ['10.0.0.1', '10.0.0.1'],
    ['10.0.0.0/8, ::1, fd00::/8', '10.0.0.0/8,::1,fd00::/8'],
    ['loopback,uniquelocal', 'loopback,uniquelocal'],
  ])('reads %s', (text, expected) => {
    expect(parseTrustProxy(text)).toBe(expected);
  });

  it('makes a hop count the function that Fastify asks for', () => {
    const trusts = parseTrustProxy('2');
    expect(typeof trusts).toBe('function');
    const answers = [0, 1, 2].map((hop) => typeof trusts === 'function' && trusts('::1', hop));
    expect(answers).toEqual([true, true, false]);
  });

  it.each([
    '',
    'yes',
    '-1',
    '1.5',
    '10.0.0.1,',
    '10.0.0.256',
    '10.0.0.0/33',
    '10.0.0.0/0',
    '10.0.0.0/',
    '10.0.0.0/8/8',
    '::/129',
    'proxy.example.com',
    'true,10.0.0.1',
  ])('refuses %j', (text) => {
    expect(parseTrustProxy(text)).toBeUndefined();
  });

  it.each(['true', '1', '10.0.0.0/8,::1,fe80::/10', 'loopback'])(
    'is taken by Fastify: %s',
    (text) => {
      expect(() => fastify({ trustProxy: parseTrustProxy(text) })).not.toThrow();
    },
  );
});
