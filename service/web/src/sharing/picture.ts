/** A picture of the map, with its two times, its sources and the basemap's credit written on it. */
import { instant, rfc3339 } from "~/clocks/instants";
import { events } from "~/clocks/events";
import { known, reports, sourceById } from "~/known";
import { camera } from "~/map/camera";
import { colour, css } from "~/map/colours";
import { counts, sides } from "~/map/legend";
import { at, knownAt, lens } from "~/reader";
import { dark } from "~/theme";
import { tiles } from "~/service/page";
import { direction, list, number, say, time, zoneName } from "~/words/words";
import { forceName } from "~/why/sentence";
import { keep } from "./download";

const LINE = 22;
const MARGIN = 16;

/** Draw the picture and hand it to the reader. */
export async function save(): Promise<void> {
  const canvas = await draw();
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/png"));
  if (blob) keep(blob, `chronology-${rfc3339(at.peek()).replaceAll(":", "")}-${known.peek()}.png`);
}

async function draw(): Promise<HTMLCanvasElement> {
  const map = camera.peek()!;
  map.redraw();
  const [drawn, names] = [
    map.getCanvas(),
    map.getContainer().parentElement!.querySelector<HTMLCanvasElement>(".map-names")!,
  ];
  const ratio = drawn.width / drawn.clientWidth;
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("2d")!;
  const width = drawn.clientWidth;
  const lines = caption().flatMap((line, i) => wrap(context, line, width - 2 * MARGIN, font(i)));
  const foot = lines.length * LINE + 2 * MARGIN;
  canvas.width = drawn.width;
  canvas.height = drawn.height + foot * ratio;
  context.drawImage(drawn, 0, 0);
  context.drawImage(names, 0, 0, drawn.width, drawn.height);
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  key(context, drawn.clientHeight);
  const top = drawn.clientHeight;
  const [card, ink] = dark.peek() ? ["#181f27", "#eef1f5"] : ["#ffffff", "#1c2430"];
  context.fillStyle = card;
  context.fillRect(0, top, width, foot);
  context.fillStyle = ink;
  context.direction = direction.peek();
  context.textAlign = "start";
  context.textBaseline = "middle";
  lines.forEach(([text, style], i) => {
    context.font = style;
    context.fillText(text, direction.peek() === "rtl" ? width - MARGIN : MARGIN, top + MARGIN + LINE * (i + 0.5));
  });
  return canvas;
}

const font = (line: number): string =>
  line === 0 ? "650 16px system-ui, sans-serif" : "400 13px system-ui, sans-serif";

/** The two times, what counts, the sources, the basemap. */
function caption(): string[] {
  const here = events.peek().findLast((each) => each.position <= known.peek());
  const knownWords =
    knownAt.peek() === null
      ? `${say("newest")} (${say("event", { n: number(known.peek()) })})`
      : `${say("event", { n: number(known.peek()) })}${here ? `, ${time(here.recordedAt)}` : ""}`;
  const cited = new Set(
    reports
      .peek()
      .filter((each) => !each.retracted && instant(each.window.earliest) <= at.peek())
      .flatMap((each) => each.sources),
  );
  const names = [...cited].map((id) => sourceById.peek().get(id)?.name ?? id);
  return [
    say("pictureWorld", { time: `${time(at.peek())} ${zoneName(at.peek())}` }),
    `${say("pictureKnown", { time: knownWords })}; ${say("lens")}: ${say(`lens_${lens.peek()}`)}`,
    ...(names.length ? [say("pictureSources", { sources: list(names) })] : []),
    `${tiles.peek() ? tiles.peek() : say("basemapCredit")}; ${location.host}`,
  ];
}

/** Who is who by colour, in a corner. */
function key(context: CanvasRenderingContext2D, height: number): void {
  const rows = sides.peek();
  rows.forEach((id, i) => {
    const y = height - MARGIN - (rows.length - i - 0.5) * LINE;
    context.fillStyle = css(colour(id));
    context.fillRect(MARGIN, y - 6, 12, 12);
    context.font = "500 13px system-ui, sans-serif";
    context.textBaseline = "middle";
    context.lineWidth = 4;
    context.strokeStyle = dark.peek() ? "#181f27" : "#ffffff";
    context.fillStyle = dark.peek() ? "#eef1f5" : "#1c2430";
    const text = `${forceName(id)}: ${number(counts.peek().get(`force:${id}`) ?? 0)}`;
    context.strokeText(text, MARGIN + 20, y);
    context.fillText(text, MARGIN + 20, y);
  });
}

function wrap(context: CanvasRenderingContext2D, text: string, width: number, style: string): [string, string][] {
  context.font = style;
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const longer = lines.length ? `${lines.at(-1)} ${word}` : word;
    if (lines.length && context.measureText(longer).width <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines.map((line) => [line, style]);
}
