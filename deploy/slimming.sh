#!/bin/sh
# Takes out of installed packages what no process of ours ever loads: slimming.sh SITE-PACKAGES
set -eu
cd "$1"

# What compilers, type checkers and the packages' own tests read.
find . -depth -type d \( -name tests -o -name test \) -exec rm -rf {} +
find . -type f \( -name '*.py[ix]' -o -name '*.pxd' -o -name '*.pxi' -o -name '*.[ch]' -o -name '*.cpp' -o -name '*.a' \) -delete
rm -rf numpy/f2py numpy/distutils numpy/_core/_simd.*.so

# Programs for the command line that come with libraries.
rm -rf opencc/clib/bin

# Pages are in Chinese and English; Babel knows the calendars of some 500 languages.
find babel/locale-data -name '*.dat' ! -name 'root.dat' ! -name 'zh*.dat' ! -name 'en*.dat' -delete

# Rich colours what it prints: of five hundred languages Python, where something fails.
find pygments/lexers -name '[a-z]*.py' ! -name python.py ! -name special.py -delete

find pygments/lexers -name '_*_builtins.py' -delete
rm -rf pygments/formatters/html.py pygments/formatters/latex.py pygments/formatters/svg.py pygments/formatters/img.py

# Pictures are JPEG and PNG; Pillow goes without what it does not find of the others.
rm -rf PIL/_avif.*.so PIL/_webp.*.so PIL/_imagingtk.*.so pillow.libs/libavif-* pillow.libs/libwebp*-* pillow.libs/libsharpyuv-*

# Check digits are those of ISO 7064, of no country's numbers.
find stdnum -mindepth 1 -maxdepth 1 ! -name __init__.py ! -name exceptions.py ! -name util.py ! -name iso7064 -exec rm -rf {} +

# Of brokers there is one.
rm -rf faststream/confluent faststream/nats faststream/rabbit faststream/redis faststream/mqtt
