import { expect, it } from "vitest";

import { lines } from "~/service/client";

async function read(...chunks: string[]): Promise<unknown[]> {
  const bytes = new TextEncoder();
  const body = new ReadableStream({
    start(controller) {
      chunks.forEach((chunk) => controller.enqueue(bytes.encode(chunk)));
      controller.close();
    },
  });
  const found: unknown[] = [];
  for await (const each of lines(new Response(body))) found.push(each);
  return found;
}

it("reads lines whatever way they are cut", async () => {
  const whole = '{"a":1}\n{"b":"حماة"}\n\n[3]\n4';
  const wanted = [{ a: 1 }, { b: "حماة" }, [3], 4];
  expect(await read(whole)).toEqual(wanted);
  expect(await read(whole + "\n")).toEqual(wanted);
  expect(await read(...whole)).toEqual(wanted);
  for (let i = 0; i <= whole.length; i++) expect(await read(whole.slice(0, i), whole.slice(i))).toEqual(wanted);
  expect(await read("")).toEqual([]);
});
