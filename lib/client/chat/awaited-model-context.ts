import { createContext } from 'react';

/** Returns the name of the model that the running request waits for; null if unknown. */
export const AwaitedModelContext = createContext<() => string | null>(() => null);
