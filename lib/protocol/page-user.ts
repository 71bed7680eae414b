/**
 * The header by which a page names the user it was opened for. The browser may belong to another user by
 * now, who signed in in another tab: the page must neither read nor write as that one.
 */
export const PAGE_USER_HEADER = 'x-throughline-user';
