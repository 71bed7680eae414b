'use client';

import { Eye, EyeOff } from 'lucide-react';
import { type ComponentProps, useId, useState } from 'react';
import { Button } from '@/components/ui/button';
import { Input } from '@/components/ui/input';
import { Label } from '@/components/ui/label';

type FormFieldProps = Omit<ComponentProps<typeof Input>, 'id' | 'type'> & {
  label: string;
  /** 'password' adds a button that reveals the text. */
  type: 'email' | 'password';
  hint?: string | undefined;
  error?: string | undefined;
};

/** A labeled field. Its error, or else its hint, is its accessible description. */
export function FormField({ label, type, hint, error, ...props }: FormFieldProps) {
  const id = useId();
  const [isRevealed, setIsRevealed] = useState(false);
  const message = error ?? hint;
  return (
    <div className="grid gap-2">
      <Label htmlFor={id}>{label}</Label>
      <div className="relative">
        <Input
          id={id}
          type={isRevealed ? 'text' : type}
          aria-invalid={error ? true : undefined}
          aria-describedby={message ? `${id}-note` : undefined}
          autoCapitalize="none"
          autoCorrect="off"
          spellCheck={false}
          className={type === 'password' ? 'pr-10' : undefined}
          {...props}
        />
        {type === 'password' && (
          <Button
            variant="ghost"
            size="icon-xs"
            aria-label="Show password"
            aria-pressed={isRevealed}
            onClick={() => setIsRevealed(!isRevealed)}
            className="-translate-y-1/2 absolute top-1/2 right-1.5 text-muted-foreground"
          >
            {isRevealed ? <EyeOff /> : <Eye />}
          </Button>
        )}
      </div>
      {message && (
        <p
          id={`${id}-note`}
          className={error ? 'text-destructive-text text-sm' : 'text-muted-foreground text-sm'}
        >
          {message}
        </p>
      )}
    </div>
  );
}
