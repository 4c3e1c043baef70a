# the layers of images: tree, diff
# case tree
one; two; layered localhost/one:v1 $TMP/1; layered localhost/two:v1 $TMP/1 $TMP/2; pod image tree two:v1 | sed 's/Size: .*/Size/'; pod rmi -f one:v1 two:v1 >/dev/null
# case tree-tags
one; two; layered localhost/one:v1 $TMP/1; layered localhost/two:v1 $TMP/1 $TMP/2; pod image tree two:v1 | sed 's/Size: *[^ ]*//'; pod rmi -f one:v1 two:v1 >/dev/null
# case tree-what-requires
one; two; three; layered localhost/one:v1 $TMP/1; layered localhost/two:v1 $TMP/1 $TMP/2; layered localhost/three:v1 $TMP/1 $TMP/3; layered localhost/four:v1 $TMP/1 $TMP/3 $TMP/2; pod image tree --whatrequires one:v1 | sed 's/Size: *[^ ]*//'; pod image tree --whatrequires three:v1 | sed 's/Size: *[^ ]*//'; pod rmi -f one:v1 two:v1 three:v1 four:v1 >/dev/null
# case tree-missing
pod image tree nosuch
# case tree-no-word
pod image tree
# case tree-two-words
pod image tree a b
# case diff-top
one; two; layered localhost/two:v1 $TMP/1 $TMP/2; pod image diff two:v1; pod rmi -f two:v1 >/dev/null
# case diff-bottom
one; layered localhost/one:v1 $TMP/1; pod image diff one:v1; pod rmi -f one:v1 >/dev/null
# case diff-json
one; two; layered localhost/two:v1 $TMP/1 $TMP/2; pod image diff --format json two:v1; pod rmi -f two:v1 >/dev/null
# case diff-opaque
one; three; layered localhost/three:v1 $TMP/1 $TMP/3; pod image diff three:v1; pod rmi -f three:v1 >/dev/null
# case diff-two-images
one; two; three; layered localhost/two:v1 $TMP/1 $TMP/2; layered localhost/three:v1 $TMP/1 $TMP/3; pod image diff two:v1 three:v1 | sort; pod image diff three:v1 two:v1 | sort; pod rmi -f two:v1 three:v1 >/dev/null
# case diff-missing
pod image diff nosuch
# case diff-format
pod image diff --format table $IMG
