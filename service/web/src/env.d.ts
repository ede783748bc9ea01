declare module "virtual:basemap" {
  /** The folder of the cells, beside the script. */
  export const folder: string;
  /** The cells that there are: level, west and south in degrees, as "10m/30,30". */
  export const cells: readonly string[];
}
