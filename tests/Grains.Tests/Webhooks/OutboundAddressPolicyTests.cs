using System.Net;
using AX2Caption.Grains.Webhooks;
using Microsoft.Extensions.Options;

namespace AX2Caption.Grains.Tests.Webhooks;

public sealed class OutboundAddressPolicyTests
{
    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("0.1.2.3")]
    [InlineData("0.255.255.255")]
    [InlineData("10.0.0.1")]
    [InlineData("10.255.255.255")]
    [InlineData("100.64.0.1")]
    [InlineData("100.127.255.255")]
    [InlineData("127.0.0.1")]
    [InlineData("127.255.255.254")]
    [InlineData("169.254.0.1")]
    [InlineData("168.63.129.16")]
    [InlineData("169.254.169.254")]
    [InlineData("169.254.170.2")]
    [InlineData("169.254.255.255")]
    [InlineData("100.100.100.200")]
    [InlineData("192.0.0.192")]
    [InlineData("fd00:ec2::254")]
    [InlineData("fd20:ce::254")]
    [InlineData("fd00:42::42")]
    [InlineData("fe80::a9fe:a9fe")]
    [InlineData("::168.63.129.16")]
    [InlineData("::ffff:168.63.129.16")]
    [InlineData("::ffff:100.100.100.200")]
    [InlineData("64:ff9b::168.63.129.16")]
    [InlineData("64:ff9b::100.100.100.200")]
    [InlineData("64:ff9b:1::168.63.129.16")]
    [InlineData("2002:a83f:8110::")]
    [InlineData("2002:a9fe:a9fe::1")]
    [InlineData("2002:6464:64c8::1")]
    [InlineData("172.16.0.1")]
    [InlineData("172.31.255.255")]
    [InlineData("192.0.0.8")]
    [InlineData("192.0.2.1")]
    [InlineData("192.0.2.255")]
    [InlineData("192.88.99.1")]
    [InlineData("192.88.99.255")]
    [InlineData("192.168.0.1")]
    [InlineData("192.168.255.255")]
    [InlineData("198.18.0.1")]
    [InlineData("198.19.255.255")]
    [InlineData("198.51.100.1")]
    [InlineData("198.51.100.255")]
    [InlineData("203.0.113.1")]
    [InlineData("203.0.113.255")]
    [InlineData("224.0.0.1")]
    [InlineData("239.255.255.255")]
    [InlineData("240.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("::")]
    [InlineData("::1")]
    [InlineData("::127.0.0.1")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("::ffff:10.0.0.1")]
    [InlineData("::ffff:169.254.169.254")]
    [InlineData("64:ff9b::127.0.0.1")]
    [InlineData("64:ff9b::a9fe:a9fe")]
    [InlineData("64:ff9b:1::1")]
    [InlineData("64:ff9b::1:101:101")]
    [InlineData("100::1")]
    [InlineData("2001::1")]
    [InlineData("2001:0:4136:e378:8000:63bf:3fff:fdd2")]
    [InlineData("2001:2::1")]
    [InlineData("2001:10::1")]
    [InlineData("2001:1ff:ffff::1")]
    [InlineData("2001:db8::1")]
    [InlineData("2001:db8:ffff::1")]
    [InlineData("2002:7f00:1::")]
    [InlineData("2002:a00:1::1")]
    [InlineData("3fff::1")]
    [InlineData("3fff:fff::1")]
    [InlineData("4000::1")]
    [InlineData("5f00::1")]
    [InlineData("fc00::1")]
    [InlineData("fd12:3456:789a::1")]
    [InlineData("fe80::1")]
    [InlineData("fe80::1%3")]
    [InlineData("fec0::1")]
    [InlineData("ff02::1")]
    public void Allows_WhatIsNoHostOfTheInternet_IsRefused(string address) => Assert.False(Policy().Allows(IPAddress.Parse(address)));

    [Theory]
    [InlineData("1.1.1.1")]
    [InlineData("9.255.255.255")]
    [InlineData("11.0.0.0")]
    [InlineData("100.63.255.255")]
    [InlineData("100.128.0.0")]
    [InlineData("126.255.255.255")]
    [InlineData("128.0.0.1")]
    [InlineData("168.63.129.15")]
    [InlineData("168.63.129.17")]
    [InlineData("64:ff9b::168.63.129.17")]
    [InlineData("169.253.255.255")]
    [InlineData("169.255.0.0")]
    [InlineData("172.15.255.255")]
    [InlineData("172.32.0.0")]
    [InlineData("192.0.1.0")]
    [InlineData("192.0.3.0")]
    [InlineData("192.88.98.255")]
    [InlineData("192.88.100.0")]
    [InlineData("192.167.255.255")]
    [InlineData("192.169.0.0")]
    [InlineData("198.17.255.255")]
    [InlineData("198.20.0.0")]
    [InlineData("198.51.101.0")]
    [InlineData("203.0.112.255")]
    [InlineData("223.255.255.255")]
    [InlineData("::ffff:1.1.1.1")]
    [InlineData("::ffff:8.8.8.8")]
    [InlineData("::ffff:93.184.215.14")]
    [InlineData("64:ff9b::1.1.1.1")]
    [InlineData("2001:200::1")]
    [InlineData("2001:db9::1")]
    [InlineData("2003::1")]
    [InlineData("2606:4700:4700::1111")]
    [InlineData("2a00:1450::1")]
    [InlineData("3ffe::1")]
    [InlineData("3fff:1000::1")]
    public void Allows_HostsOfTheInternet_RightUpToTheEdges(string address) => Assert.True(Policy().Allows(IPAddress.Parse(address)));

    [Theory]
    [InlineData("https://127.0.0.1/")]
    [InlineData("https://127.1/")]
    [InlineData("https://2130706433/")]
    [InlineData("https://0x7f000001/")]
    [InlineData("https://0x7f.0.0.1/")]
    [InlineData("https://0177.0.0.1/")]
    [InlineData("https://127.0.0.1./")]
    [InlineData("https://0/")]
    [InlineData("https://[::1]/")]
    [InlineData("https://[::ffff:127.0.0.1]/")]
    [InlineData("https://[::ffff:7f00:1]/")]
    [InlineData("https://[fe80::1%25eth0]/")]
    [InlineData("https://[64:ff9b::7f00:1]/")]
    [InlineData("https://169.254.169.254/latest/meta-data/")]
    [InlineData("https://0xa9fea9fe/")]
    [InlineData("https://168.63.129.16/machine/?comp=goalstate")]
    [InlineData("https://0xa83f8110/")]
    [InlineData("https://[::ffff:a83f:8110]/")]
    [InlineData("https://localhost/")]
    [InlineData("https://LOCALHOST./")]
    [InlineData("https://api.localhost/")]
    [InlineData("https://intranet/")]
    [InlineData("https://10.0.0.1:443/")]
    [InlineData("https://example.com.127/")]
    public void Refuse_UrlsThatLeadInside_SaysThatOnlyPublicHostsAreCalled(string url)
    {
        var refusal = Policy().Refuse(url);

        // Some ways to write an address are no addresses to the parser, which is as good.
        Assert.True(refusal is "must lead to a host of the public internet." || refusal!.StartsWith("must be an https address", StringComparison.Ordinal), refusal);
    }

    [Theory]
    [InlineData("http://hooks.example.com/", "must begin with https://")]
    [InlineData("ftp://hooks.example.com/", "must be an https address")]
    [InlineData("file:///etc/passwd", "must be an https address")]
    [InlineData("gopher://hooks.example.com/", "must be an https address")]
    [InlineData("//hooks.example.com/", "must be an https address")]
    [InlineData("hooks.example.com", "must be an https address")]
    [InlineData("https://", "must be an https address")]
    [InlineData("https:///path", "must be an https address")]
    [InlineData("https://hooks.example.com /", "must be an https address")]
    [InlineData(" https://hooks.example.com/", "must be an https address")]
    [InlineData("https://hooks.example.com\\@127.0.0.1/", "must be an https address")]
    [InlineData("https://１２７.0.0.1/", "must be an https address")]
    [InlineData("https://user@hooks.example.com/", "must not have a user")]
    [InlineData("https://user:secret@hooks.example.com/", "must not have a user")]
    [InlineData("https://@hooks.example.com/", "must not have a user")]
    [InlineData("https://hooks.example.com/#part", "must not have a fragment")]
    [InlineData("https://hooks.example.com/#", "must not have a fragment")]
    [InlineData("https://hooks.example.com:22/", "must not name a port")]
    [InlineData("https://hooks.example.com:80/", "must not name a port")]
    [InlineData("https://hooks.example.com:8443/", "must not name a port")]
    public void Refuse_UrlsOfAnotherForm_SaysWhatIsWrong(string url, string says) =>
        Assert.StartsWith(says, Policy().Refuse(url), StringComparison.Ordinal);

    [Theory]
    [InlineData("https://hooks.example.com")]
    [InlineData("https://hooks.example.com/captions?key=a@b")]
    [InlineData("https://hooks.example.com:443/")]
    [InlineData("https://xn--9n2bp8q.example/")]
    [InlineData("https://localhost.example.com/")]
    [InlineData("https://1.1.1.1/")]
    [InlineData("https://[2606:4700:4700::1111]/")]
    public void Refuse_UrlsOfPublicHosts_AreTaken(string url) => Assert.Null(Policy().Refuse(url));

    [Fact]
    public void Refuse_TheLengthAtItsEdge()
    {
        var longest = $"https://hooks.example.com/{new string('a', OutboundAddressPolicy.MaximumUrlLength - 26)}";

        Assert.Null(Policy().Refuse(longest));
        Assert.StartsWith("must be at most 2048", Policy().Refuse(longest + "a"), StringComparison.Ordinal);
    }

    [Fact]
    public void Settings_WidenWhatIsAllowed_AsFarAsTheySay()
    {
        var policy = Policy(options =>
        {
            options.AllowHttp = true;
            options.AllowedPorts = ["8443", "9000-9001"];
            options.AllowedNetworks = ["10.20.0.0/16", "127.0.0.0/8"];
        });

        Assert.True(policy.Allows(IPAddress.Parse("10.20.255.255")));
        Assert.True(policy.Allows(IPAddress.Parse("::ffff:10.20.0.1")));
        Assert.True(policy.Allows(IPAddress.Parse("64:ff9b::10.20.0.1")));
        Assert.False(policy.Allows(IPAddress.Parse("10.21.0.0")));
        Assert.Null(policy.Refuse("http://hooks.example.com/"));
        Assert.Null(policy.Refuse("http://hooks.example.com:8443/"));
        Assert.Null(policy.Refuse("https://10.20.0.1:9001/"));
        Assert.Null(policy.Refuse("https://localhost/"));
        Assert.NotNull(policy.Refuse("https://hooks.example.com:9002/"));
        Assert.NotNull(policy.Refuse("http://hooks.example.com:443/"));
        Assert.NotNull(policy.Refuse("https://[::1]/"));
    }

    [Fact]
    public void Settings_OfRefusedNetworks_WinOverAllElse()
    {
        var policy = Policy(options => (options.AllowedNetworks, options.RefusedNetworks) = (["10.20.0.0/16"], ["1.1.1.0/24", "10.20.30.0/24"]));

        Assert.False(policy.Allows(IPAddress.Parse("1.1.1.1")));
        Assert.False(policy.Allows(IPAddress.Parse("::ffff:1.1.1.1")));
        Assert.False(policy.Allows(IPAddress.Parse("64:ff9b::1.1.1.1")));
        Assert.False(policy.Allows(IPAddress.Parse("10.20.30.1")));
        Assert.True(policy.Allows(IPAddress.Parse("1.1.2.1")));
    }

    private static OutboundAddressPolicy Policy(Action<WebhookOptions>? configure = null)
    {
        var options = new WebhookOptions();
        configure?.Invoke(options);
        return new OutboundAddressPolicy(Options.Create(options));
    }
}
