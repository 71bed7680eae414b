'use client';

import { createContext } from 'react';

/**
 * Whether the browser has a session. False only on the very first visit, until one is created:
 * requests that need a session wait for it instead of failing with 401 and being repeated.
 */
export const SessionReadyContext = createContext(true);
