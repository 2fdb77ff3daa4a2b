import { endLeftovers } from './leftovers.js';

// Jest's setupFilesAfterEnv: no test file leaves a process or a connection behind.
afterAll(endLeftovers);
