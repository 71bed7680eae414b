'use client';

import { Eye, EyeOff } from 'lucide-react';
import { type ComponentProps, useId, useState } from 'react';
import { Button } from '@/components/ui/button';
import { Input } from '@/components/ui/input';
import { Label } from '@/components/ui/label';

type AccountFieldProps = Omit<ComponentProps<typeof Input>, 'id' | 'type'> & {
  label: string;
  /** A password can be shown and hidden again. */
  type: 'email' | 'password';
  hint?: string | undefined;
  problem?: string | undefined;
};

/** A labelled field whose problem, or else its hint, is read out with it. */
export function AccountField({ label, type, hint, problem, ...props }: AccountFieldProps) {
  const id = useId();
  const [shown, setShown] = useState(false);
  const note = problem ?? hint;
  return (
    <div className="grid gap-2">
      <Label htmlFor={id}>{label}</Label>
      <div className="relative">
        <Input
          id={id}
          type={shown ? 'text' : type}
          aria-invalid={problem ? true : undefined}
          aria-describedby={note ? `${id}-note` : undefined}
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
            aria-pressed={shown}
            onClick={() => setShown(!shown)}
            className="-translate-y-1/2 absolute top-1/2 right-1.5 text-muted-foreground"
          >
            {shown ? <EyeOff /> : <Eye />}
          </Button>
        )}
      </div>
      {note && (
        <p
          id={`${id}-note`}
          className={problem ? 'text-destructive-text text-sm' : 'text-muted-foreground text-sm'}
        >
          {note}
        </p>
      )}
    </div>
  );
}
