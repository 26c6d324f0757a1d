import type { en } from "../en/index";
import type { MessagesOf } from "../index";
import { builder } from "./builder";
import { common } from "./common";
import { deliveries } from "./deliveries";
import { groups } from "./groups";
import { operations } from "./operations";
import { people } from "./people";

// German says everything that English says: the compiler misses what is missing.
export const de: MessagesOf<typeof en> = { ...common, ...groups, ...builder, ...people, ...operations, ...deliveries };
