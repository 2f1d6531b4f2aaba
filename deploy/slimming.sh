#!/bin/sh
# Takes out of installed packages what no process of ours ever loads: slimming.sh SITE-PACKAGES
set -eu
cd "$1"

# Of Arrow, petitions writes Parquet: neither Flight nor S3, nor what compilers and tests read.
cd pyarrow
rm -rf include src tests ./*.pxd ./*.pxi ./*.pyx includes
rm -f libarrow_flight* libarrow_python_flight* _flight* libarrow_s3* _s3fs*
# A wheel knows no links: the same library lies in it under two or three names.
for library in lib*.so.*; do
    [ -L "$library" ] && continue
    for other in "${library%%.so*}".so*; do
        if [ "$other" != "$library" ] && cmp -s "$other" "$library"; then
            ln -sf "$library" "$other"
        fi
    done
done
cd ..

# Pages are in Chinese and English; Babel knows the calendars of some 500 languages.
find babel/locale-data -name '*.dat' ! -name 'root.dat' ! -name 'zh*.dat' ! -name 'en*.dat' -delete

find . -depth -type d \( -name tests -o -name test \) -path '*numpy*' -exec rm -rf {} +
