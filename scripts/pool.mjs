/** Maps `items` with at most `size` calls at a time; results keep the order of the items. */
export async function pool(size, items, run) {
  const results = Array.from({ length: items.length });
  let next = 0;
  const lane = async () => {
    while (next < items.length) {
      const index = next++;
      results[index] = await run(items[index], index);
    }
  };
  await Promise.all(Array.from({ length: size }, lane));
  return results;
}
