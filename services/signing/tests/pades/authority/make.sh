#!/bin/sh
# Makes a tree of certificates in the folder $1, with the configuration $2: root, issuing CA, persons, agency,
# time-stamping authority, OCSP responders, one revoked person. Everything is for tests and good for days.
set -eu
cd "$1"
conf=$2
export OPENSSL_CONF="$conf"

key() { # name, algorithm
    case $2 in
        rsa*) openssl genpkey -quiet -algorithm RSA -pkeyopt "rsa_keygen_bits:${2#rsa}" -out "$1.key" ;;
        p*) openssl genpkey -quiet -algorithm EC -pkeyopt "ec_paramgen_curve:P-${2#p}" -out "$1.key" ;;
    esac
}

issue() { # name, algorithm, CA section, extensions, subject
    key "$1" "$2"
    openssl req -new -utf8 -key "$1.key" -subj "$5" -out "$1.csr"
    openssl ca -batch -notext -utf8 -name "$3" -extensions "$4" -days 90 -in "$1.csr" -out "$1.crt" 2>>log
    openssl x509 -in "$1.crt" -outform DER -out "$1.der"
}

for ca in root issuing upper lower; do
    : >"$ca.index"
    echo 'unique_subject = no' >"$ca.index.attr"
    echo 1000 >"$ca.serial"
    echo 01 >"$ca.crlnumber"
done

key root p384
openssl req -x509 -new -utf8 -key root.key -sha384 -days 365 -extensions root_extensions -subj '/C=VN/O=Nhà Việc/CN=Root' -out root.crt
openssl x509 -in root.crt -outform DER -out root.der
issue issuing rsa2048 root issuing_extensions '/C=VN/O=Nhà Việc/CN=Issuing'

issue upper p256 root upper_extensions '/C=VN/O=Nhà Việc/CN=Upper'
issue lower p256 upper lower_extensions '/C=VN/O=Nhà Việc/CN=Lower'

# Somebody who only bears the name.
key impostor p256
openssl req -x509 -new -utf8 -key impostor.key -days 90 -extensions root_extensions -subj '/C=VN/O=Nhà Việc/CN=Issuing' -out impostor.crt
openssl x509 -in impostor.crt -outform DER -out impostor.der

issue rsa2048 rsa2048 issuing signer '/C=VN/CN=Nguyễn Văn Ánh'
issue rsa3072 rsa3072 issuing signer '/C=VN/CN=Trần Thị Hường'
issue p256 p256 issuing signer '/C=VN/O=Ủy ban nhân dân xã Tân Phú/CN=Ủy ban nhân dân xã Tân Phú'
issue p384 p384 issuing signer '/C=VN/CN=Đỗ Quý Ngữ'
issue listed p256 issuing signer_by_list '/C=VN/CN=Lê Danh Mục'
issue revoked p256 issuing signer '/C=VN/CN=Phạm Thu Hồi'
issue tsa rsa2048 issuing tsa_extensions '/C=VN/CN=TSA'
issue ocsp p256 issuing ocsp '/C=VN/CN=OCSP'
issue ocsp_listed p256 issuing ocsp_listed '/C=VN/CN=OCSP with a list'
issue ocsp_stranger p256 root ocsp '/C=VN/CN=OCSP of another CA'
issue below p256 lower signer_below '/C=VN/CN=Vũ Cấp Dưới'
issue astray p256 lower signer_astray '/C=VN/CN=Vũ Lạc Đường'
issue stranger p256 root signer '/C=VN/CN=Stranger'

openssl ca -name issuing -revoke revoked.crt 2>>log
openssl ca -name issuing -gencrl -out issuing.pem 2>>log
openssl ca -name root -gencrl -out root.pem 2>>log
for ca in upper lower; do
    openssl ca -name "$ca" -gencrl -out "$ca.pem" 2>>log
done
for ca in root issuing upper lower; do
    openssl crl -in "$ca.pem" -outform DER -out "$ca.crl"
done
key lower_impostor p256
openssl req -x509 -new -utf8 -key lower_impostor.key -days 90 -extensions root_extensions -subj '/C=VN/O=Nhà Việc/CN=Lower' -out lower_impostor.crt
openssl x509 -in lower_impostor.crt -outform DER -out lower_impostor.der
for name in lower upper; do
    openssl crl2pkcs7 -nocrl -certfile "$name.crt" -outform DER -out "$name.p7c"
done

for name in rsa2048 rsa3072 p256 p384 listed revoked below astray; do
    openssl pkcs12 -export -inkey "$name.key" -in "$name.crt" -certfile issuing.crt -passout "pass:mật khẩu (1)" -out "$name.p12"
done
