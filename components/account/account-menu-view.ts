/** What the account button has open. */
export type AccountMenuView = 'menu' | 'sign-in' | 'sign-up' | 'sign-out';
