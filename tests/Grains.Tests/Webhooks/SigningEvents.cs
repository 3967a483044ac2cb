using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.RegularExpressions;
using AX2Caption.Grains.Abstractions.Webhooks;
using AX2Caption.Grains.Tests.Cluster;
using AX2Caption.Grains.Webhooks;
using AX2Caption.Testing.Webhooks;
using Microsoft.AspNetCore.Http;
using StandardWebhooks;
using StandardWebhooks.Diagnostics;

namespace AX2Caption.Grains.Tests.Webhooks;

/// <summary>Signatures as programs check them that are not ours, and as the documentation says to.</summary>
[Collection<MediaCluster>]
public sealed partial class SigningEvents(ServiceFixture service) : WebhookScenario(service)
{
    private static readonly byte[] Another = [.. Courier.Secret.Reverse()];

    [Fact]
    public async Task A_signature_is_the_digest_of_id_time_and_body()
    {
        var id = Guid.Parse("01900000-0000-7000-8000-000000000001");

        Assert.Equal(
            await Openssl(Courier.Secret, $"{id}.1614265330.{{\"test\": 2432232314}}"),
            WebhookSignature.Sign(id, 1614265330, "{\"test\": 2432232314}"u8, [Courier.Secret])[3..]);
    }

    [Fact]
    public async Task The_conventions_own_library_takes_what_is_sent_and_nothing_else()
    {
        var received = await Send();

        Check(received.Body, Courier.Secret);
        Assert.Throws<WebhookVerificationException>(() => Check(received.Body + " ", Courier.Secret));
        Assert.Throws<WebhookVerificationException>(() => Check(received.Body, Another));

        void Check(string body, byte[] secret) => new StandardWebhook(Show(secret)).Verify(body, Headers(received));
    }

    [Theory]
    [InlineData("python", "/usr/bin/python3", "import json, sys\nasked = json.load(sys.stdin)\nprint(verify(asked['headers'], asked['body'].encode(), asked['secret']))")]
    [InlineData(
        "javascript", "node",
        "const asked = JSON.parse(require('node:fs').readFileSync(0, 'utf8'));\nconsole.log(verify(asked.headers, asked.body, asked.secret) ? 'True' : 'False');")]
    public async Task The_documentations_receivers_take_what_is_sent_and_nothing_else(string language, string program, string ask)
    {
        var received = await Send();
        var headers = received.Headers.ToDictionary(header => header.Key.ToLowerInvariant(), header => header.Value);
        var stale = new Dictionary<string, string>(headers)
        {
            ["webhook-timestamp"] = $"{long.Parse(headers["webhook-timestamp"], CultureInfo.InvariantCulture) - 301}",
        };
        stale["webhook-signature"] = WebhookSignature.Sign(
            received.EventId, long.Parse(stale["webhook-timestamp"], CultureInfo.InvariantCulture), System.Text.Encoding.UTF8.GetBytes(received.Body),
            [Courier.Secret]);

        Assert.True(await Verify(headers, received.Body, Courier.Secret));
        Assert.False(await Verify(headers, received.Body + " ", Courier.Secret));
        Assert.False(await Verify(headers, received.Body, Another));
        Assert.False(await Verify(stale, received.Body, Courier.Secret));

        async Task<bool> Verify(Dictionary<string, string> headers, string body, byte[] secret)
        {
            var code = Example(language) + "\n" + ask;
            var output = await Run(program, language == "python" ? ["-c", code] : ["-e", code], JsonSerializer.Serialize(new { headers, body, secret = Show(secret) }));
            return bool.Parse(output);
        }
    }

    [Fact]
    public async Task The_secret_before_signs_too_for_a_day_and_then_no_more()
    {
        var webhookId = await Register();
        var until = await Webhooks.RotateSecret(new RotateWebhookSecret(webhookId, Another, Accounts.MemberExtensions.Origin()));
        Assert.Equal(Service.Clock.GetUtcNow().AddDays(1), until);
        // The same wish again changes nothing.
        Assert.Equal(until, await Webhooks.RotateSecret(new RotateWebhookSecret(webhookId, Another, Accounts.MemberExtensions.Origin())));
        await using var courier = new Courier(Service);

        await SendOne();
        Service.Clock.Advance(TimeSpan.FromDays(1) - TimeSpan.FromSeconds(1));
        Assert.Equal(until, (await Find(webhookId)).PreviousSecretUntil);
        await SendOne();
        Service.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Null((await Find(webhookId)).PreviousSecretUntil);
        await SendOne();

        Assert.Equal(
            [await Signatures(0, Another, Courier.Secret), await Signatures(1, Another, Courier.Secret), await Signatures(2, Another)],
            Receiver.Received.Select(received => received.Headers["webhook-signature"]));

        async Task SendOne()
        {
            await CanceledJob();
            Assert.Equal(1, await courier.SendDue());
        }

        async Task<string> Signatures(int index, params byte[][] secrets)
        {
            var received = Receiver.Received[index];
            var signed = $"{received.Headers["webhook-id"]}.{received.Headers["webhook-timestamp"]}.{received.Body}";
            return string.Join(' ', await Task.WhenAll(secrets.Select(async secret => $"v1,{await Openssl(secret, signed)}")));
        }
    }

    /// <summary>Sends an event at the real time: receivers look at it.</summary>
    private async Task<Received> Send()
    {
        await Register();
        await CanceledJob();
        await using var courier = new Courier(Service, time: TimeProvider.System);
        Assert.Equal(1, await courier.SendDue());
        return Receiver.Received.Single();
    }

    private static string Show(byte[] secret) => $"whsec_{Convert.ToBase64String(secret)}";

    private static HeaderDictionary Headers(Received received)
    {
        var headers = new HeaderDictionary();
        foreach (var (name, value) in received.Headers)
            headers[name] = value;
        return headers;
    }

    private static async Task<string> Openssl(byte[] secret, string text)
    {
        var output = await Run("openssl", ["dgst", "-sha256", "-mac", "HMAC", "-macopt", $"hexkey:{Convert.ToHexString(secret)}", "-r"], text);
        return Convert.ToBase64String(Convert.FromHexString(output.Split(' ')[0]));
    }

    private static async Task<string> Run(string program, string[] arguments, string input)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        var errors = process.StandardError.ReadToEndAsync(Ct);
        var output = await process.StandardOutput.ReadToEndAsync(Ct);
        await process.WaitForExitAsync(Ct);
        Assert.True(process.ExitCode == 0, await errors);
        return output.Trim();
    }

    /// <summary>The code of a language in docs/webhooks.md.</summary>
    private static string Example(string language, [CallerFilePath] string here = "")
    {
        var page = File.ReadAllText(Path.GetFullPath(Path.Combine(here, "..", "..", "..", "..", "docs", "webhooks.md")));
        return Block().Matches(page).Single(block => block.Groups["language"].Value == language).Groups["code"].Value;
    }

    [GeneratedRegex("^```(?<language>python|javascript)\n(?<code>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();
}
