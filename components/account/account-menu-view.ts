/** The menu or dialog that is open at the account button. */
export type AccountMenuView = 'menu' | 'sign-in' | 'sign-up' | 'sign-out';
