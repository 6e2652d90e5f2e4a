<?php
// Receives webhooks, and answers 401 to calls that are not genuine. PHP 8.
// Run: php -S 127.0.0.1:8080 verify.php

const SECRET = 'your shared secret';
const TOLERANCE_SECONDS = 300;

/** Checks webhook-signature. The time is signed too: an old call cannot be sent again. */
function verify_standard(array $server, string $body): bool
{
    $timestamp = $server['HTTP_WEBHOOK_TIMESTAMP'] ?? '';
    if (!preg_match('/\A\d{1,12}\z/', $timestamp)) {
        return false;
    }
    if (abs(time() - (int) $timestamp) > TOLERANCE_SECONDS) {
        return false;
    }

    $key = str_starts_with(SECRET, 'whsec_') ? base64_decode(substr(SECRET, 6)) : SECRET;
    $signed = ($server['HTTP_WEBHOOK_ID'] ?? '') . ".$timestamp.$body";
    $expected = 'v1,' . base64_encode(hash_hmac('sha256', $signed, $key, true));
    // While the secret is being changed there are two signatures.
    foreach (explode(' ', $server['HTTP_WEBHOOK_SIGNATURE'] ?? '') as $given) {
        if (hash_equals($expected, $given)) {
            return true;
        }
    }
    return false;
}

/** Checks X-Nexudus-Hook-Signature, if called instead. The body alone is signed. */
function verify_nexudus(array $server, string $body): bool
{
    $expected = strtoupper(hash_hmac('sha256', $body, SECRET));
    return hash_equals($expected, $server['HTTP_X_NEXUDUS_HOOK_SIGNATURE'] ?? '');
}

$body = file_get_contents('php://input'); // the bytes that were signed, before anything parses them
if (!verify_standard($_SERVER, $body)) {
    http_response_code(401);
    exit;
}

// Keep the record, then answer, then work on it.
error_log("{$_SERVER['HTTP_POSTHORN_ACTION']} $body");
http_response_code(204);
