/** The version in package.json, which a test compares: importing it would ship the whole file. */
export const VERSION = '0.1.0';
