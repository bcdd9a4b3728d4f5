/** Samples of a text in the format of Prometheus: `name{label="value"}` and its value. */
export function samplesOf(text: string): ReadonlyMap<string, number> {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => {
      const cut = line.lastIndexOf(' ');
      return [line.slice(0, cut), Number(line.slice(cut + 1))];
    }),
  );
}

/** Samples of `/metrics`. */
export async function metricsOf(
  url: string,
  query = '',
  headers: Readonly<Record<string, string>> = {},
): Promise<ReadonlyMap<string, number>> {
  return samplesOf(await (await fetch(`${url}/metrics${query}`, { headers })).text());
}
