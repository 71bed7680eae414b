import {
  COLUMN_WIDTHS,
  DEFAULT_USER_SETTINGS,
  TEXT_SIZES,
  type UserSettings,
} from '@/lib/protocol/user-settings';

/** The server reads this cookie to render the page in the user's text size and column width. */
export const APPEARANCE_COOKIE = 'throughline.appearance';

export type Appearance = Pick<UserSettings, 'textSize' | 'columnWidth'>;

export function formatAppearance({ textSize, columnWidth }: Appearance): string {
  return `${textSize}.${columnWidth}`;
}

/** @param cookieValue undefined without the cookie */
export function parseAppearance(cookieValue: string | undefined): Appearance {
  const [textSize, columnWidth] = cookieValue?.split('.') ?? [];
  return {
    textSize: TEXT_SIZES.find((size) => size === textSize) ?? DEFAULT_USER_SETTINGS.textSize,
    columnWidth:
      COLUMN_WIDTHS.find((width) => width === columnWidth) ?? DEFAULT_USER_SETTINGS.columnWidth,
  };
}
