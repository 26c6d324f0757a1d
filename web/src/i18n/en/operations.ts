// Data, import, system, users, API keys and account.
export const operations = {} as const;
