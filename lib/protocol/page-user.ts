/**
 * The request header that names the user a page was opened for. Another user may have signed in in
 * another tab since: the page must neither read nor write as that user.
 */
export const PAGE_USER_HEADER = 'x-throughline-user';
