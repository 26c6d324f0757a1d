import { builder } from "./builder";
import { common } from "./common";
import { deliveries } from "./deliveries";
import { groups } from "./groups";
import { people } from "./people";
import { operations } from "./operations";

// One file per area; keys begin with the area's name.
export const en = { ...common, ...groups, ...builder, ...people, ...operations, ...deliveries } as const;
