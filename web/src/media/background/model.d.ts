/** Emitted by `build/person-model.ts`: the address of the model. */
declare module "virtual:person-model" {
  const address: string;
  export default address;
}
