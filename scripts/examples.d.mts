/** The folder of a site that carries the built lab in `page` and every example. */
export function layOut(page: string): string;
