// Contacts, compare and live.
export const people = {} as const;
