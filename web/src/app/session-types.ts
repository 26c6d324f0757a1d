export type Role = "viewer" | "editor" | "admin";

export interface User {
  id: string;
  email: string;
  name: string;
  role: Role;
}

export interface Session {
  user: User;
  /** What every changing request has to carry. */
  csrf: string;
}
