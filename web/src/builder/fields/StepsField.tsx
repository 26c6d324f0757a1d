import { ActionIcon, Button } from "@mantine/core";
import { IconPlus, IconX } from "@tabler/icons-react";
import { Fragment } from "react";
import { t } from "../../i18n";
import type { ParamInfo } from "../catalog";
import type { ParamValues } from "../document/tree";
import { FieldScopeProvider, patched, scopeBelow, useScope } from "./context";
import { FieldSet } from "./FieldSet";
import { ParamField } from "./ParamField";
import classes from "./fields.module.css";

/** Steps in order, each with the parameters that the catalogue describes. */
export function StepsField({ param }: { param: ParamInfo }) {
  const scope = useScope();
  const least = param.low ?? 1;
  const written = (Array.isArray(scope.values[param.name]) ? scope.values[param.name] : []) as ParamValues[];
  const steps = [...written, ...Array.from({ length: Math.max(0, least - written.length) }, () => ({}))];
  const store = (next: ParamValues[], about?: string) => scope.set({ [param.name]: next }, about);
  return (
    <FieldSet label={param.label} full error={written.length === 0 ? scope.problem(param.name) : null}>
      <div className={classes.items}>
        {steps.map((step, i) => (
          <Fragment key={i}>
            {i > 0 && <div className={classes.then}>{t("builder.then")}</div>}
            <div className={classes.item}>
              <FieldScopeProvider
                value={scopeBelow(
                  { ...scope, activityTypes: null },
                  `${param.name}/${i}`,
                  step,
                  (patch, about) => store(steps.with(i, patched(step, patch)), about && `${param.name}/${i}/${about}`),
                  param.steps ?? [],
                )}
              >
                <FieldSet label={t("builder.step", { n: i + 1 })}>
                  <div className={classes.row}>
                    {/* The first step has no previous one to be timed after. */}
                    {(param.steps ?? []).filter((p) => i > 0 || p.kind !== "duration").map((p) => (
                      <ParamField key={p.name} param={p} />
                    ))}
                  </div>
                </FieldSet>
              </FieldScopeProvider>
              <ActionIcon aria-label={t("builder.removeStep", { n: i + 1 })} disabled={scope.readOnly || steps.length <= least} onClick={() => store(steps.toSpliced(i, 1))}>
                <IconX size={16} />
              </ActionIcon>
            </div>
          </Fragment>
        ))}
        {!scope.readOnly && steps.length < (param.high || Infinity) && (
          <div>
            <Button variant="subtle" size="compact-sm" leftSection={<IconPlus size={15} aria-hidden />} onClick={() => store([...steps, {}])}>
              {t("builder.addStep")}
            </Button>
          </div>
        )}
      </div>
    </FieldSet>
  );
}
