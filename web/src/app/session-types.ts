export type Role = "viewer" | "editor" | "admin";

export interface User {
  id: string;
  email: string;
  name: string;
  role: Role;
  status?: "active" | "invited" | "disabled";
  /** What works: "password", "oidc". */
  sign_in?: string[];
}

export interface Session {
  user: User;
  /** What every changing request has to carry. */
  csrf: string;
  /** A demonstration: signed in without a password. */
  demo?: boolean;
}

/** How people may sign in. */
export interface Methods {
  password: boolean;
  oidc: { name: string; start: string } | null;
  demo: boolean;
  /** Nobody can administer yet: the one-time link has to be opened. */
  first: boolean;
}
