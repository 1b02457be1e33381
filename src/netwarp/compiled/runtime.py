"""What numba's compiled code asks of a runtime: memory with a count of its owners, and three functions of C's.

numba's own runtime is part of its extension module; this one is linked into each kernel, which runs without numba.
"""

# An array's owner, by numba's layout: the count, two pointers for what is done at its end (unused here), where the data
# are, and their size. It stands before its data in one piece of memory; numba's code itself counts up and down.
RUNTIME = """
declare i8* @malloc(i64)
declare void @free(i8*)

define linkonce_odr i8* @NRT_MemInfo_alloc_aligned(i64 %size, i32 %align) {
  %wide = zext i32 %align to i64
  %head = add i64 %wide, 64
  %total = add i64 %size, %head
  %memory = call i8* @malloc(i64 %total)
  %none = icmp eq i8* %memory, null
  br i1 %none, label %failed, label %made
failed:
  ret i8* null
made:
  %at = ptrtoint i8* %memory to i64
  %first = add i64 %at, %head
  %off = urem i64 %first, %wide
  %place = sub i64 %first, %off
  %data = inttoptr i64 %place to i8*
  %owner = bitcast i8* %memory to { i64, i8*, i8*, i8*, i64 }*
  %whole = insertvalue { i64, i8*, i8*, i8*, i64 } { i64 1, i8* null, i8* null, i8* null, i64 0 }, i8* %data, 3
  %sized = insertvalue { i64, i8*, i8*, i8*, i64 } %whole, i64 %size, 4
  store { i64, i8*, i8*, i8*, i64 } %sized, { i64, i8*, i8*, i8*, i64 }* %owner
  ret i8* %memory
}

define linkonce_odr void @NRT_MemInfo_call_dtor(i8* %owner) {
  call void @free(i8* %owner)
  ret void
}

define linkonce_odr void @NRT_Free(i8* %memory) {
  call void @free(i8* %memory)
  ret void
}

declare double @nextafter(double, double)
declare double @ldexp(double, i32)
declare double @frexp(double, i32*)

define linkonce_odr double @numba_nextafter(double %x, double %to) {
  %found = call double @nextafter(double %x, double %to)
  ret double %found
}

define linkonce_odr double @numba_ldexp(double %x, i32 %exponent) {
  %found = call double @ldexp(double %x, i32 %exponent)
  ret double %found
}

define linkonce_odr double @numba_frexp(double %x, i32* %exponent) {
  %found = call double @frexp(double %x, i32* %exponent)
  ret double %found
}
"""
