/** Where the migrations are. */
export const migrationsFolder = new URL('./migrations/', import.meta.url)
