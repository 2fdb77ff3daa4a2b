import { parseAllowedOrigins } from './allowed-origins.js';

describe('parseAllowedOrigins', () => {
  it.each([
    ['self', ['self']],
    ['*', ['*']],
    ['Self, https://app.example.com', ['self', 'https://app.example.com']],
    ['https://App.Example.com:8443', ['https://app.example.com:8443']],
    ['http://localhost:4200', ['http://localhost:4200']],
    ['http://[::1]:3000', ['http://[::1]:3000']],
    ['https://*.example.com', ['https://*.example.com']],
    ['https://*.example.com:8443', ['https://*.example.com:8443']],
    ['chrome-extension://abcdefghijklmnop', ['chrome-extension://abcdefghijklmnop']],
    ['capacitor://localhost', ['capacitor://localhost']],
  ])('reads %s', (text, expected) => {
    expect(parseAllowedOrigins(text)).toEqual(expected);
  });

  it.each([
    ['https://app.example.com:443', 'https://app.example.com'],
    ['http://app.example.com:80', 'http://app.example.com'],
    ['https://*.example.com:443', 'https://*.example.com'],
    ['https://bücher.example', 'https://xn--bcher-kva.example'],
  ])('writes %s as a browser would', (text, expected) => {
    expect(parseAllowedOrigins(text)).toEqual([expected]);
  });

  it.each([
    '',
    'self,',
    'null',
    'app.example.com',
    'https://',
    'https://app.example.com/',
    'https://app.example.com/path',
    'https://app.example.com?a=1',
    'https://app.example.com#a',
    'https://user@app.example.com',
    'https://user:secret@app.example.com',
    'https://app.example.com:',
    'https://app.example.com:99999',
    'https:app.example.com',
    'https://app.example.com\\path',
    'https://app .example.com',
    'https://*',
    'https://*.',
    'https://*.*.example.com',
    'https://app.*.com',
    'https://app*.example.com',
    'https://*.127.0.0.1',
    '*.example.com',
    'file://',
    'file://host',
    'wss://app.example.com',
    'chrome-extension://*.abc',
    'self https://app.example.com',
  ])('refuses %j', (text) => {
    expect(parseAllowedOrigins(text)).toBeUndefined();
  });
});
