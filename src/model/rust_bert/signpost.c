// Refers to the library that build.rs names, so that no linker leaves it out. In a constructor,
// since nobody calls it and what nobody calls is left out too.
extern const volatile char demarche_libtorch_signpost;

__attribute__((constructor)) static void refer(void) { (void)demarche_libtorch_signpost; }
