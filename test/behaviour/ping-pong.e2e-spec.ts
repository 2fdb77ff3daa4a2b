import { DeadlineExceeded, DEFAULT_DEADLINE_MS } from '../support/deadline.js';
