import type { ReactNode } from "react";
import classes from "./fields.module.css";

/** Several controls that make one parameter, under one label, with what is wrong below. */
export function FieldSet({ label, error, full, children }: { label: string; error?: string | null; full?: boolean; children: ReactNode }) {
  return (
    <fieldset className={full ? `${classes.set} ${classes.full}` : classes.set}>
      <legend>{label}</legend>
      {children}
      {error && <FieldError>{error}</FieldError>}
    </fieldset>
  );
}

/** What is wrong with several controls. */
export function FieldError({ children }: { children: ReactNode }) {
  return (
    <div className={classes.error} data-field-error>
      {children}
    </div>
  );
}
