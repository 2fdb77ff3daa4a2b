export { parseExtensions } from './extension-offers.js';
export { negotiate, type NegotiatedDeflate } from './negotiation.js';
export { PerMessageDeflate } from './permessage-deflate.js';
