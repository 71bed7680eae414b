'use client';

import { createContext } from 'react';

/**
 * Whether the browser has a session to ask with. False only at the very first visit, until one is
 * made: what needs a session waits for it there instead of being refused and asking twice.
 */
export const SessionReadyContext = createContext(true);
