import { ActionIcon, Button } from "@mantine/core";
import { IconPlus, IconX } from "@tabler/icons-react";
import { t } from "../../i18n";
import { OptionSelect } from "../../shared/OptionField";
import type { ParamInfo } from "../catalog";
import { ComparisonField } from "./ComparisonField";
import { asText, FieldScopeProvider, patched, scopeBelow, typesFor, useScope } from "./context";
import { FieldSet } from "./FieldSet";
import classes from "./fields.module.css";
import type { ParamValues } from "../document/tree";

/** Filters on the details of an activity; all of them hold on the same one. */
export function WhereField({ param }: { param: ParamInfo }) {
  const scope = useScope();
  const filters = (Array.isArray(scope.values[param.name]) ? scope.values[param.name] : []) as ParamValues[];
  const types = typesFor(param, scope);
  const store = (next: ParamValues[], about?: string) => scope.set({ [param.name]: next.length ? next : undefined }, about);
  // A filter is a parameter that names an attribute, and a comparison that the attribute's kind decides.
  const attribute: ParamInfo = { name: "attribute", kind: "code", label: t("builder.detail"), source: param.source, by: param.by };
  const comparison: ParamInfo = { name: "op", kind: "comparison", label: t("builder.value"), by: "attribute", values: param.values, missing: "negative" };
  return (
    <FieldSet label={param.label} full error={filters.length === 0 ? scope.problem(param.name) : null}>
      <div className={classes.items}>
        {filters.map((filter, i) => {
          const below = scopeBelow(
            // Which types are meant is said beside where, not inside of the filter.
            { ...scope, activityTypes: types },
            `${param.name}/${i}`,
            filter,
            (patch, about) => store(filters.with(i, patched(filter, patch)), about && `${param.name}/${i}/${about}`),
            [{ ...attribute, by: undefined }, comparison],
          );
          return (
            <div key={i} className={classes.item}>
              <FieldScopeProvider value={below}>
                <div className={classes.row}>
                  <OptionSelect
                    className={classes.medium}
                    label={attribute.label}
                    error={below.problem("attribute")}
                    disabled={scope.readOnly}
                    source={param.source ?? null}
                    types={types}
                    value={asText(filter.attribute)}
                    onChange={(code) => store(filters.with(i, { attribute: code }))}
                  />
                  <ComparisonField param={comparison} />
                </div>
              </FieldScopeProvider>
              <ActionIcon aria-label={t("builder.removeFilter", { n: i + 1 })} disabled={scope.readOnly} onClick={() => store(filters.toSpliced(i, 1))}>
                <IconX size={16} />
              </ActionIcon>
            </div>
          );
        })}
        {!scope.readOnly && (
          <div>
            <Button variant="subtle" size="compact-sm" leftSection={<IconPlus size={15} aria-hidden />} onClick={() => store([...filters, {}])}>
              {t("builder.addFilter")}
            </Button>
          </div>
        )}
      </div>
    </FieldSet>
  );
}
