// Receives webhooks, and answers 401 to calls that are not genuine. Go 1.19 or newer.
// Run: go run verify.go
package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"
)

const (
	secret    = "your shared secret"
	tolerance = 5 * time.Minute
)

// verifyStandard checks webhook-signature. The time is signed too: an old call cannot be sent
// again.
func verifyStandard(headers http.Header, body []byte) bool {
	timestamp := headers.Get("webhook-timestamp")
	seconds, err := strconv.ParseInt(timestamp, 10, 64)
	if err != nil || time.Since(time.Unix(seconds, 0)).Abs() > tolerance {
		return false
	}

	key := []byte(secret)
	if strings.HasPrefix(secret, "whsec_") {
		digits := strings.TrimRight(strings.TrimPrefix(secret, "whsec_"), "=")
		if key, err = base64.RawStdEncoding.DecodeString(digits); err != nil {
			return false
		}
	}
	head := headers.Get("webhook-id") + "." + timestamp + "."
	digest := sum(key, []byte(head), body)
	expected := "v1," + base64.StdEncoding.EncodeToString(digest)
	// While the secret is being changed there are two signatures.
	for _, given := range strings.Split(headers.Get("webhook-signature"), " ") {
		if hmac.Equal([]byte(given), []byte(expected)) {
			return true
		}
	}
	return false
}

// verifyNexudus checks X-Nexudus-Hook-Signature, if called instead. The body alone is signed.
func verifyNexudus(headers http.Header, body []byte) bool {
	expected := strings.ToUpper(hex.EncodeToString(sum([]byte(secret), body)))
	return hmac.Equal([]byte(headers.Get("X-Nexudus-Hook-Signature")), []byte(expected))
}

func sum(key []byte, parts ...[]byte) []byte {
	mac := hmac.New(sha256.New, key)
	for _, part := range parts {
		mac.Write(part)
	}
	return mac.Sum(nil)
}

func receive(response http.ResponseWriter, request *http.Request) {
	// The bytes that were signed, before anything parses them.
	body, err := io.ReadAll(request.Body)
	if err != nil || !verifyStandard(request.Header, body) {
		response.WriteHeader(http.StatusUnauthorized)
		return
	}
	// Keep the record, then answer, then work on it.
	log.Printf("%s %s", request.Header.Get("posthorn-action"), body)
	response.WriteHeader(http.StatusNoContent)
}

func main() {
	port := os.Getenv("PORT")
	if port == "" {
		port = "8080"
	}
	listener, err := net.Listen("tcp", "127.0.0.1:"+port)
	if err != nil {
		log.Fatal(err)
	}
	log.Printf("Receiving at http://%s", listener.Addr())
	log.Fatal(http.Serve(listener, http.HandlerFunc(receive)))
}
