import type { components } from "./schema";

export type Problem = components["schemas"]["Problem"];
type ProblemDocument = components["schemas"]["ProblemDocument"];

/** The server refused a request: an RFC 9457 problem with places that are wrong. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly problems: Problem[];

  constructor(status: number, code: string, message: string, problems: Problem[]) {
    super(message);
    this.name = "ApiError";
    this.status = status;
    this.code = code;
    this.problems = problems;
  }

  static async of(response: Response): Promise<ApiError> {
    try {
      const document = (await response.json()) as ProblemDocument;
      return new ApiError(response.status, document.code, document.detail, document.errors ?? []);
    } catch {
      return new ApiError(response.status, "unknown", response.statusText, []);
    }
  }

  /** What is wrong at a place of the request, by JSON Pointer. */
  at(location: string): string | undefined {
    return this.problems.find((p) => p.location === location)?.message;
  }
}

/** The server could not be reached. */
export class OfflineError extends Error {
  constructor() {
    super("offline");
    this.name = "OfflineError";
  }
}

/** Whether it is worth asking again without a change. */
export function isTransient(error: unknown): boolean {
  return error instanceof OfflineError || (error instanceof ApiError && (error.status >= 500 || error.status === 429));
}
