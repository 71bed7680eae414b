'use client';

import { useCallback, useEffect, useId, useState } from 'react';
import { Button } from '@/components/ui/button';
import { ExcessNotice } from '@/components/ui/excess-notice';
import { Input } from '@/components/ui/input';
import { Label } from '@/components/ui/label';
import { Spinner } from '@/components/ui/spinner';
import { toErrorMessage } from '@/lib/client/http/request-error';
import { loadUserSettings, useSettingsLoaded } from '@/lib/client/settings/settings-store';
import { useTextSetting } from '@/lib/client/settings/use-text-setting';
import { LIMITS } from '@/lib/protocol/api';

/** Suggestions, each by its own name; any other text is accepted. */
const LANGUAGES = [
  'English',
  'Deutsch',
  'Français',
  'Español',
  'Italiano',
  'Português',
  'Nederlands',
  'Polski',
  'Türkçe',
  'Українська',
  'العربية',
  'עברית',
  'हिन्दी',
  '中文',
  '日本語',
  '한국어',
];

export function PersonalSettings() {
  const loaded = useSettingsLoaded();
  return loaded ? <PersonalForm /> : <Loading />;
}

/** Without the stored texts the user would overwrite them. */
function Loading() {
  const [error, setError] = useState<string | null>(null);
  const load = useCallback(() => {
    setError(null);
    loadUserSettings().catch((failure) => setError(toErrorMessage(failure)));
  }, []);
  useEffect(load, [load]);
  if (error === null) return <Spinner label="Loading your settings" />;
  return (
    <div role="alert" className="grid justify-items-start gap-3 text-sm">
      <p>{error}</p>
      <Button variant="outline" size="sm" onClick={load}>
        Try again
      </Button>
    </div>
  );
}

function PersonalForm() {
  const id = useId();
  const name = useTextSetting('name', LIMITS.userNameChars);
  const language = useTextSetting('language', LIMITS.languageChars);
  const instructions = useTextSetting('instructions', LIMITS.systemPromptChars);
  return (
    <div className="grid gap-6">
      <p className="text-muted-foreground text-sm">
        Sent to the model with every message, in all your chats. Changes are saved as you type.
      </p>
      <div className="grid gap-2">
        <Label htmlFor={`${id}-name`}>Your name</Label>
        <Input
          id={`${id}-name`}
          dir="auto"
          autoComplete="name"
          maxLength={LIMITS.userNameChars}
          placeholder="What answers call you"
          value={name.text}
          onChange={(event) => name.onChange(event.target.value)}
          onBlur={name.onBlur}
        />
      </div>
      <div className="grid gap-2">
        <Label htmlFor={`${id}-language`}>Language of answers</Label>
        <Input
          id={`${id}-language`}
          dir="auto"
          list={`${id}-languages`}
          autoComplete="off"
          maxLength={LIMITS.languageChars}
          placeholder="That of your message"
          value={language.text}
          onChange={(event) => language.onChange(event.target.value)}
          onBlur={language.onBlur}
        />
        <datalist id={`${id}-languages`}>
          {LANGUAGES.map((option) => (
            <option key={option} value={option} />
          ))}
        </datalist>
      </div>
      <div className="grid gap-2">
        <Label htmlFor={`${id}-instructions`}>Instructions for all chats</Label>
        <textarea
          id={`${id}-instructions`}
          dir="auto"
          rows={6}
          placeholder="For example: I’m a nurse. Keep answers short and skip the disclaimers."
          value={instructions.text}
          aria-invalid={instructions.excess > 0 || undefined}
          aria-describedby={`${id}-note`}
          onChange={(event) => instructions.onChange(event.target.value)}
          onBlur={instructions.onBlur}
          className="field-sizing-content max-h-[40dvh] min-h-32 w-full resize-none rounded-md border border-input bg-field px-3 py-2 text-sm leading-relaxed placeholder:text-muted-foreground aria-invalid:border-destructive pointer-coarse:text-base"
        />
        <div id={`${id}-note`} className="text-muted-foreground text-sm">
          {instructions.excess > 0 ? (
            <ExcessNotice
              excess={instructions.excess}
              limit={LIMITS.systemPromptChars}
              className="text-destructive-text"
            />
          ) : (
            <p>A chat can have instructions of its own, in its menu. They take precedence.</p>
          )}
        </div>
      </div>
    </div>
  );
}
