#include <cstdio>
int main() { std::puts("omendb"); }
