/** How much of something a test does: what every build can afford, or the `long` amount under `npm run test:long`. */
export const amount = (build: number, long: number): number => (process.env.LONG ? long : build)
