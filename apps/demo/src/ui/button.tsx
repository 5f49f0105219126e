import type { ComponentProps, ReactElement } from 'react';
import styles from './button.module.css';

type ButtonProps = ComponentProps<'button'> & {
  /** `main` for the primary action, `plain` for other actions, `quiet` in lists and headers. @default 'plain' */
  readonly look?: 'main' | 'plain' | 'quiet';
};

export function Button({ look = 'plain', type = 'button', className, ...rest }: ButtonProps): ReactElement {
  return (
    <button type={type} data-look={look} className={[styles['button'], className].join(' ')} {...rest} />
  );
}
