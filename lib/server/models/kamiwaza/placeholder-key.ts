/** The API key that is sent to Kamiwaza's model servers, which need none. */
export const KAMIWAZA_PLACEHOLDER_KEY = 'not-needed-kamiwaza';
