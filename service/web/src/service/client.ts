/** Asking the API. Every call is relative to the page, so that the service can stand under any path. */
import { token } from "~/editing/token";
import type { Problem } from "./shapes";

/** The service answered with a problem, or (status 0) could not be reached. */
export class Refusal extends Error {
  constructor(readonly problem: Problem) {
    super(problem.detail);
  }
  get status(): number {
    return this.problem.status;
  }
}

export type Query = Record<string, string | number | null | undefined>;

/** The address of a call, relative to the page. */
export function address(path: string, query: Query = {}): string {
  const given = Object.entries(query).filter(([, value]) => value !== null && value !== undefined && value !== "");
  const text = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
  return text ? `${path}?${text}` : path;
}

/** The answer to a call, as it comes. Throws Refusal. */
export async function ask(path: string, init: RequestInit = {}): Promise<Response> {
  const headers = new Headers(init.headers);
  if (token.value) headers.set("Authorization", `Bearer ${token.value}`);
  let answer: Response;
  try {
    answer = await fetch(path, { ...init, headers, cache: "no-store" });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new Refusal({ status: 0, title: "No answer", detail: "the service can't be reached" });
  }
  if (!answer.ok) throw new Refusal(await problem(answer));
  return answer;
}

/** GET as JSON. Throws Refusal. */
export async function get<T>(path: string, query: Query = {}, signal?: AbortSignal): Promise<T> {
  return (await (await ask(address(path, query), { signal: signal ?? null })).json()) as T;
}

/** POST as JSON. Throws Refusal. */
export async function post<T>(path: string, body: unknown, headers: Record<string, string> = {}): Promise<T> {
  const init = {
    method: "POST",
    body: JSON.stringify(body),
    headers: { "Content-Type": "application/json", ...headers },
  };
  return (await (await ask(path, init)).json()) as T;
}

async function problem(answer: Response): Promise<Problem> {
  try {
    const told = (await answer.json()) as Problem;
    return { ...told, status: answer.status, detail: told.detail ?? answer.statusText };
  } catch {
    return { status: answer.status, title: answer.statusText, detail: answer.statusText };
  }
}

/** The lines of a body of NDJSON, each as soon as it is there. A line may be megabytes long: none is gone through twice. */
export async function* lines<T>(answer: Response): AsyncGenerator<T> {
  const reader = answer.body!.pipeThrough(new TextDecoderStream()).getReader();
  let begun: string[] = [];
  for (;;) {
    const { done, value } = await reader.read();
    const parts = (value ?? "").split("\n");
    for (const part of done ? parts : parts.slice(0, -1)) {
      const line = begun.length ? begun.join("") + part : part;
      begun = [];
      if (line.trim()) yield JSON.parse(line) as T;
    }
    if (done) return;
    if (parts.at(-1)) begun.push(parts.at(-1)!);
  }
}
