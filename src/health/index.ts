export { HealthModule, type HealthModuleOptions } from './health.module.js';
export { type SocketCount, SocketStatus } from './socket-status.js';
