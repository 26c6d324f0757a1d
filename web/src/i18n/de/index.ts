import type { Message } from "../index";
import { common } from "./common";
import { operations } from "./operations";
import { people } from "./people";

// German is started: what is missing here is said in English.
export const de: Record<string, Message> = { ...common, ...people, ...operations };
