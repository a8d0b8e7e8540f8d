export function chromium(): string;
export const CHROMIUM_FLAGS: string[];
